"""The command line, one file a command; typer, rich and progress bars live only here."""
