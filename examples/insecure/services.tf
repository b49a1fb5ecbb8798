# One library module, two call sites: two users, two keys.

module "orders" {
  source = "./modules/service"

  name       = "orders"
  image      = "ghcr.io/northwind-shop/orders:1.14.2"
  bucket_arn = "arn:aws:s3:::northwind-orders"
}

module "invoices" {
  source = "./modules/service"

  name       = "invoices"
  image      = "ghcr.io/northwind-shop/invoices:2.3.0"
  bucket_arn = "arn:aws:s3:::northwind-invoices"
}
