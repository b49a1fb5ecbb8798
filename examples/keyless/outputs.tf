output "ci_role_arn" {
  description = "For role-to-assume in the workflow"
  value       = aws_iam_role.ci.arn
}

output "task_role_arns" {
  description = "The roles the services run with"
  value       = { orders = module.orders.role_arn, invoices = module.invoices.role_arn }
}
