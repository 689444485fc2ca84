"""Readers keep well ahead of the 10,000 rows a second that the whole interpretation needs."""

from __future__ import annotations

import time

from tests.diagnostics.readers.panel_files import BRAF, combined, tsoppi_table

from presis.diagnostics.assemble import read_profile


def test_ten_thousand_rows_a_second_are_read(tmp_path):
    rows = "\n".join(BRAF.replace("140453136", str(140000000 + index)) for index in range(10_000))
    digest = tmp_path / "d.tsv"
    digest.write_text(combined().replace(BRAF, rows))
    table = tmp_path / "CL-Inv_small_variant_table.tsv"
    table.write_text(
        tsoppi_table(*({"Genomic_location": f"7:{140000000 + index}"} for index in range(10_000)))
    )
    for path in (digest, table):
        start = time.process_time()  # this process's own time: other tests run beside it
        assert len(read_profile([path]).small_variants) >= 10_000
        assert time.process_time() - start < 1
