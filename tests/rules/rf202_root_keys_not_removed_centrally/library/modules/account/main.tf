variable "name" {
  type = string
}

# Whoever calls this manages the organization.
resource "aws_organizations_account" "this" {
  name  = var.name
  email = "${var.name}@example.com"
}
