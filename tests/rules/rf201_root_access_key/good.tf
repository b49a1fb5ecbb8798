resource "aws_iam_user" "groot" {
  name = "groot-deploy"
}

resource "aws_iam_access_key" "groot" {
  user = aws_iam_user.groot.name
}

variable "name" {
  type = string
}

resource "aws_iam_user" "declared" {
  name = var.name
}

# Whatever its name, a declared IAM user is not the root user.
resource "aws_iam_access_key" "declared" {
  user = aws_iam_user.declared.name
}

# The key is for a named user.
resource "null_resource" "with_user" {
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name ${aws_iam_user.groot.name}"
  }
}

resource "null_resource" "python_with_user" {
  provisioner "local-exec" {
    command = "python3 -c 'import boto3; boto3.client(\"iam\").create_access_key(UserName=\"ci\")'"
  }
}

# Said, not done.
resource "null_resource" "comment" {
  provisioner "local-exec" {
    # aws iam create-access-key --profile root
    command = "echo done"
  }
}

variable "manual" {
  description = "Run aws iam create-access-key as root, never."
  default     = ""
}

resource "terraform_data" "login" {
  provisioner "local-exec" {
    command = "aws login --profile developer"
  }
}

# The account as a principal is not the root user.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

# Neither is a user whose label or name has the word in it.
resource "aws_iam_user" "root_reader" {
  name = "root-reader"
}

resource "aws_iam_access_key" "root_reader" {
  user = aws_iam_user.root_reader.name
}
