"""Rule packs: dated data naming rules, thresholds and their legal source."""
