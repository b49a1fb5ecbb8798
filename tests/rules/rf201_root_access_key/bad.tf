resource "aws_iam_access_key" "literal" { # expect: RF201
  user = "root"
}

resource "aws_iam_access_key" "capital" { # expect: RF201
  user   = "ROOT"
  status = "Inactive"
}

resource "aws_iam_user" "root" {
  name = "Root"
}

resource "aws_iam_access_key" "referred" { # expect: RF201
  user = aws_iam_user.root.name
}

resource "null_resource" "profile" { # expect: RF201
  provisioner "local-exec" {
    command = "aws --profile acme-root iam create-access-key --output json > key.json"
  }
}

resource "terraform_data" "environment" { # expect: RF201
  provisioner "local-exec" {
    command = <<-EOT
      # makes the key
      aws iam create-access-key \
        --query AccessKey.SecretAccessKey
    EOT

    environment = {
      AWS_PROFILE = "root"
    }
  }
}

resource "null_resource" "python" { # expect: RF201
  provisioner "local-exec" {
    interpreter = ["python3", "-c"]
    command     = "import boto3; boto3.Session(profile_name='root').client('iam').create_access_key()"
  }
}

resource "null_resource" "powershell" { # expect: RF201
  provisioner "local-exec" {
    interpreter = ["pwsh", "-Command"]
    command     = "New-IAMAccessKey -ProfileName root | Export-Csv key.csv"
  }
}

resource "null_resource" "variable_name" { # expect: RF201
  provisioner "local-exec" {
    command = "AWS_ACCESS_KEY_ID=$AWS_ROOT_KEY_ID aws iam create-access-key"
  }
}

resource "null_resource" "named" { # expect: RF201
  provisioner "local-exec" {
    command = "aws iam create-access-key --user-name root"
  }
}

resource "terraform_data" "login" { # expect: RF201
  provisioner "local-exec" {
    command = "aws login --profile root"
  }
}

# The name that the credential report gives to the root user.
resource "aws_iam_access_key" "report" { # expect: RF201
  user = "<root_account>"
}
