"""Check out: take amounts, take bottles, bring them back."""
