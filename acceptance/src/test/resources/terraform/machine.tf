terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

# Whatever else a provider wants to know stands in the environment, as for any client.
provider "aws" {
  region = "us-east-1"
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

data "aws_ssm_parameter" "linux" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_ssm_parameter" "word" {
  name  = "/tf-machine/word"
  type  = "SecureString"
  value = "kept by terraform"
}

resource "aws_instance" "machine" {
  ami           = data.aws_ami.linux.id
  instance_type = "t2.micro"
  user_data     = "#!/bin/sh\necho made by terraform\n"
  tags          = { Name = "tf-machine" }
  volume_tags   = { Name = "tf-disk" }
  root_block_device {
    volume_size = 30
    volume_type = "gp3"
    encrypted   = true
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

output "same" {
  value = nonsensitive(data.aws_ssm_parameter.linux.value) == data.aws_ami.linux.id
}
