"""Joins evidence with books and computes ratios, exactly. Pure."""
