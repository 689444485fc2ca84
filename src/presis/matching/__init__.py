"""Matching: which options fit a patient and why, as data; and MatchMiner's trials in CTML (`ctml`)."""
