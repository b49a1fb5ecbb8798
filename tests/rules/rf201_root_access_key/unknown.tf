variable "user" {
  type = string
}

resource "aws_iam_access_key" "whose" { # undetermined: RF201
  user = var.user
}

resource "null_resource" "caller" { # undetermined: RF201
  provisioner "local-exec" {
    command = "aws iam create-access-key > ${path.root}/key.json"
  }
}

data "external" "caller" { # undetermined: RF201
  program = ["bash", "-c", "aws iam create-access-key | jq .AccessKey"]
}

resource "terraform_data" "input" { # undetermined: RF201
  provisioner "local-exec" {
    command = "aws iam create-access-key --cli-input-json file://user.json"
  }
}
