"""The club shop's name among the channels."""

CHANNEL = "club"
SOURCE = "Club Shop"
