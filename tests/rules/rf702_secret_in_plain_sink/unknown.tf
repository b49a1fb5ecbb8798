terraform {
  backend "s3" {}
}

variable "type" {
  type = string
}

variable "queues" {
  type = number
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}

resource "aws_ssm_parameter" "ci" {
  name  = "/ci/secret"
  type  = var.type
  value = aws_iam_access_key.ci.secret # undetermined: RF702
}

# What may not exist is said so.
resource "aws_sqs_queue" "some" {
  count = var.queues
  name  = "some"
  tags  = { secret = aws_iam_access_key.ci.secret } # expect: RF702
}
