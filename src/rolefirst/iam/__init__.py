"""IAM users, their keys and their policies, as the code states them."""
