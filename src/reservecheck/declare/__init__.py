"""Files the entity and the practitioner write, as records: wallets, engagement, providers. All problems at once."""
