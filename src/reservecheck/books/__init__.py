"""A snapshot folder to totals, cash, prices and letters. Customer rows stay here."""
