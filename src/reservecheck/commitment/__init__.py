"""What is owed to customers, committed to by one hash and one total: the scheme `por-mst/1`."""
