resource "time_rotating" "days" {
  rotation_days = 91
}

resource "terraform_data" "days" {
  triggers_replace = [time_rotating.days.id]
}

resource "aws_iam_access_key" "days" { # expect: RF302
  user = "days"

  lifecycle {
    replace_triggered_by = [terraform_data.days]
  }
}

resource "time_rotating" "text" {
  rotation_days = "120"
}

resource "terraform_data" "text" {
  triggers_replace = [time_rotating.text.id]
}

resource "aws_iam_access_key" "text" { # expect: RF302
  user = "text"

  lifecycle {
    replace_triggered_by = [terraform_data.text]
  }
}

resource "time_rotating" "hours" {
  rotation_hours = 2161
}

resource "terraform_data" "hours" {
  triggers_replace = [time_rotating.hours.id]
}

resource "aws_iam_access_key" "hours" { # expect: RF302
  user = "hours"

  lifecycle {
    replace_triggered_by = [terraform_data.hours]
  }
}

resource "time_rotating" "minutes" {
  rotation_minutes = 129601
}

resource "terraform_data" "minutes" {
  triggers_replace = [time_rotating.minutes.id]
}

resource "aws_iam_access_key" "minutes" { # expect: RF302
  user = "minutes"

  lifecycle {
    replace_triggered_by = [terraform_data.minutes]
  }
}

# June to August have 92 days.
resource "time_rotating" "months" {
  rotation_months = 3
}

resource "terraform_data" "months" {
  triggers_replace = [time_rotating.months.id]
}

resource "aws_iam_access_key" "months" { # expect: RF302
  user = "months"

  lifecycle {
    replace_triggered_by = [terraform_data.months]
  }
}

resource "time_rotating" "years" {
  rotation_years = 1
}

resource "terraform_data" "years" {
  triggers_replace = [time_rotating.years.id]
}

resource "aws_iam_access_key" "years" { # expect: RF302
  user = "years"

  lifecycle {
    replace_triggered_by = [terraform_data.years]
  }
}

# The provider takes the years.
resource "time_rotating" "several" {
  rotation_days  = 30
  rotation_years = 1
}

resource "terraform_data" "several" {
  triggers_replace = [time_rotating.several.id]
}

resource "aws_iam_access_key" "several" { # expect: RF302
  user = "several"

  lifecycle {
    replace_triggered_by = [terraform_data.several]
  }
}

# The slower of two clocks does no harm, the faster one is slow as well.
resource "aws_iam_access_key" "both" { # expect: RF302
  user = "both"

  lifecycle {
    replace_triggered_by = [terraform_data.years, terraform_data.days]
  }
}

# A new user once a year.
resource "aws_iam_user" "dated" {
  name = "dated-${time_rotating.years.year}"
}

resource "aws_iam_access_key" "dated" { # expect: RF302
  user = aws_iam_user.dated.name
}

# Ends on its own, but long after the limit.
resource "aws_iam_service_specific_credential" "late" { # expect: RF302
  service_name        = "bedrock.amazonaws.com"
  user_name           = "late"
  credential_age_days = 180

  lifecycle {
    replace_triggered_by = [terraform_data.days]
  }
}
