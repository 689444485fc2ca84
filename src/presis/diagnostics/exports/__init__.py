"""A report in other people's forms: FHIR and cBioPortal."""
