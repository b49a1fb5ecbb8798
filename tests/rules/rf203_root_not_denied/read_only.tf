# Read here, managed elsewhere.
data "aws_organizations_policy" "regions" {
  policy_id = "p-example1"
}
