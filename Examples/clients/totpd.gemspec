# frozen_string_literal: true

# The client for Ruby as a gem.
Gem::Specification.new do |gem|
  gem.name = "totpd"
  gem.version = "0.1.0"
  gem.summary = "Client of totpd, the TOTP second-factor daemon"
  gem.authors = ["The totpd developers"]
  gem.license = "Apache-2.0"
  gem.files = ["totpd.rb"]
  gem.require_paths = ["."]
  gem.required_ruby_version = ">= 3.0"
end
