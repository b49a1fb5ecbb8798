resource "aws_config_conformance_pack" "iam" { # expect: RF803
  name          = "iam"
  template_body = <<-YAML
    Parameters:
      AccessKeysRotatedParamMaxAccessKeyAge:
        Default: '90'
        Type: String
    Resources:
      AccessKeysRotated:
        Type: AWS::Config::ConfigRule
        Properties:
          ConfigRuleName: access-keys-rotated
          InputParameters:
            maxAccessKeyAge:
              Ref: AccessKeysRotatedParamMaxAccessKeyAge
          Source:
            Owner: AWS
            SourceIdentifier: ACCESS_KEYS_ROTATED
  YAML

  input_parameter {
    parameter_name  = "AccessKeysRotatedParamMaxAccessKeyAge"
    parameter_value = "180"
  }
}
