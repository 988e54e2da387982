"""Other people's exports turned into this tool's own files, mechanically, with a record of how."""
