data "http" "pack" {
  url = "https://example.com/pack.yaml"
}

resource "aws_config_conformance_pack" "remote" { # undetermined: RF204
  name          = "remote"
  template_body = data.http.pack.response_body
}
