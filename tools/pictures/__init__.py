"""Pictures of every screen, in both themes and three widths, of a platform that real apps have lived on for a day."""
