# The user and the places of images without a distribution.
groupadd --gid 65532 nonroot
useradd --uid 65532 --gid nonroot --create-home --shell /sbin/nologin nonroot
