# The key material in this file is made up and valid nowhere.
region     = "eu-central-1"
access_key = "AKIAPTGZ6JFEBZSDOXRL" # expect: RF704

# Of the documentation, with a digit that no real id has.
example = "AKIAI44QH8DHBEXAMPLE" # expect: RF704
