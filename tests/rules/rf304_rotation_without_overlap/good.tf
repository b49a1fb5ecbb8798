resource "time_rotating" "a" {
  rotation_days = 60
}

resource "terraform_data" "a" {
  triggers_replace = [time_rotating.a.id]
}

resource "time_rotating" "b" {
  rotation_days = 60
}

resource "terraform_data" "b" {
  triggers_replace = [time_rotating.b.id]
}

# Two keys take turns.
resource "aws_iam_access_key" "turn_a" {
  user = "turns"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "turn_b" {
  user = "turns"

  lifecycle {
    replace_triggered_by = [terraform_data.b]
  }
}

# The function gets the new key in the same apply.
resource "aws_iam_access_key" "function" {
  user = "function"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_lambda_function" "function" {
  function_name = "function"
  role          = "arn:aws:iam::111122223333:role/function"

  environment {
    variables = { SECRET = aws_iam_access_key.function.secret }
  }
}

# A template needs the key and is replaced the safe way, and with it the key.
resource "aws_iam_access_key" "handed_on" {
  user = "handed_on"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

resource "aws_launch_template" "handed_on" {
  user_data = base64encode(aws_iam_access_key.handed_on.secret)

  lifecycle {
    create_before_destroy = true
  }
}

# The id alone opens nothing.
resource "aws_iam_access_key" "id" {
  user = "id"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

output "id" {
  value = aws_iam_access_key.id.id
}

# Not there.
resource "aws_iam_access_key" "quota" {
  user = "quota"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}

resource "aws_iam_access_key" "never" {
  count = 0
  user  = "quota"
}

# Never replaced, or not by a clock: RF301 and RF303 speak.
resource "aws_iam_access_key" "plain" {
  user = "plain"
}

resource "aws_iam_access_key" "inactive" {
  status = "Inactive"
  user = "inactive"

  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}

# The access key of the same user does not count for the quota of another kind.
resource "aws_iam_service_specific_credential" "git" {
  service_name = "codecommit.amazonaws.com"
  user_name    = "plain"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.a]
  }
}
