variable "access_key" {
  type = string
}

variable "secret_key" {
  type = string
}

resource "example_thing" "signed" {
  access_key = var.access_key
}
