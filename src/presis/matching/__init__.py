"""Matching: who may join which trial, as data. The first piece reads and evaluates MatchMiner's CTML."""
