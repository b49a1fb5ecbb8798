# Audit: every refused call of this user rings. The organisation's trail writes to the log group.

resource "aws_cloudwatch_log_metric_filter" "refused" {
  name           = "warehouse-scales-refused"
  log_group_name = "organization-trail"
  pattern        = "{ ($.userIdentity.userName = \"warehouse-scales\") && ($.errorCode = \"AccessDenied*\") }"

  metric_transformation {
    name      = "WarehouseScalesRefused"
    namespace = "AccessKeyExceptions"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "refused" {
  alarm_name          = "warehouse-scales-refused"
  alarm_description   = "Somebody used the scales' key for something, or from somewhere, it is not meant for"
  namespace           = "AccessKeyExceptions"
  metric_name         = "WarehouseScalesRefused"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  statistic           = "Sum"
  threshold           = 1
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
}
