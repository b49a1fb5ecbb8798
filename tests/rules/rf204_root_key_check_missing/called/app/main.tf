module "volumes" {
  source     = "../modules/rule"
  identifier = "ENCRYPTED_VOLUMES"
}

module "buckets" {
  source     = "../modules/rule"
  identifier = "S3_BUCKET_VERSIONING_ENABLED"
}
