resource "aws_config_conformance_pack" "s3" { # expect: RF204
  name = "s3"

  template_body = <<-YAML
    # SourceIdentifier: IAM_ROOT_ACCESS_KEY_CHECK
    Resources:
      Rotated:
        Type: AWS::Config::ConfigRule
        Properties:
          ConfigRuleName: IAM_ROOT_ACCESS_KEY_CHECK_OFF
          Source:
            Owner: AWS
            SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED
  YAML
}
