"""What people ask for, and what a refusal costs them."""
