# No Terraform file is beside this one: it is named on the command line.
secret_key = "xT3PzPmhDJEpQwL6dfTkKPcPKPt0jLy4LrGWuQbU" # expect: RF704

# expect[+1]: RF704
users = {
  ci = {
    secret = "f6vUULm4A2Aohhhvtf+FPepL0z9zE40+eC14F2B/"
  }
}
