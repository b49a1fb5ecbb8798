variable "name" {
  type = string
}

variable "image" {
  type = string
}

variable "bucket_arn" {
  type = string
}

resource "aws_iam_user" "this" {
  name = "svc-${var.name}"
}

resource "aws_iam_access_key" "this" {
  user = aws_iam_user.this.name
}

resource "aws_iam_user_policy" "this" {
  name = "bucket"
  user = aws_iam_user.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${var.bucket_arn}/*"
    }]
  })
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name  = var.name
    image = var.image
    environment = [
      { name = "AWS_ACCESS_KEY_ID", value = aws_iam_access_key.this.id },
      { name = "AWS_SECRET_ACCESS_KEY", value = aws_iam_access_key.this.secret },
    ]
  }])
}
