# The key material in this file is made up and valid nowhere.
region     = "eu-central-1"
access_key = "AKIAPTGZ6JFEBZSDOXRL" # expect: RF704

sample = "AKIAIOSFODNN7EXAMPLE"
