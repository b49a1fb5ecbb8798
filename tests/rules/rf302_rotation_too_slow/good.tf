# Exactly the limit.
resource "time_rotating" "days" {
  rotation_days = 90
}

resource "terraform_data" "days" {
  triggers_replace = [time_rotating.days.id]
}

resource "aws_iam_access_key" "days" {
  user = "days"

  lifecycle {
    replace_triggered_by = [terraform_data.days]
  }
}

resource "time_rotating" "hours" {
  rotation_hours = 2160
}

resource "terraform_data" "hours" {
  triggers_replace = [time_rotating.hours.id]
}

resource "aws_iam_access_key" "hours" {
  user = "hours"

  lifecycle {
    replace_triggered_by = [terraform_data.hours]
  }
}

resource "time_rotating" "minutes" {
  rotation_minutes = 129600
}

resource "terraform_data" "minutes" {
  triggers_replace = [time_rotating.minutes.id]
}

resource "aws_iam_access_key" "minutes" {
  user = "minutes"

  lifecycle {
    replace_triggered_by = [terraform_data.minutes]
  }
}

resource "time_rotating" "months" {
  rotation_months = 2
}

resource "terraform_data" "months" {
  triggers_replace = [time_rotating.months.id]
}

resource "aws_iam_access_key" "months" {
  user = "months"

  lifecycle {
    replace_triggered_by = [terraform_data.months]
  }
}

# The provider takes the months.
resource "time_rotating" "several" {
  rotation_days   = 365
  rotation_months = 1
}

resource "terraform_data" "several" {
  triggers_replace = [time_rotating.several.id]
}

resource "aws_iam_access_key" "several" {
  user = "several"

  lifecycle {
    replace_triggered_by = [terraform_data.several]
  }
}

resource "time_rotating" "year" {
  rotation_years = 1
}

resource "terraform_data" "year" {
  triggers_replace = [time_rotating.year.id]
}

resource "aws_iam_access_key" "year" {
  user = "year"
  status = "Inactive"
  lifecycle {
    replace_triggered_by = [terraform_data.year]
  }
}

# The faster of two clocks counts.
resource "aws_iam_access_key" "both" {
  user = "both"

  lifecycle {
    replace_triggered_by = [terraform_data.year, terraform_data.days]
  }
}

# Ends before it would be replaced.
resource "aws_iam_service_specific_credential" "expires" {
  service_name        = "bedrock.amazonaws.com"
  user_name           = "expires"
  credential_age_days = 90

  lifecycle {
    replace_triggered_by = [terraform_data.year]
  }
}

# Nothing rotates it: RF301 speaks.
resource "aws_iam_access_key" "plain" {
  user = "plain"
}

# Never happens: RF303 speaks.
resource "aws_iam_access_key" "direct" {
  user = "direct"

  lifecycle {
    replace_triggered_by = [time_rotating.year]
  }
}
