# Ruby where the official image has it; gems go to /usr/local/bundle, as its users expect.
mkdir -p /usr/local/bundle /usr/local/etc
chmod 1777 /usr/local/bundle
for program in ruby gem irb erb rake bundle bundler; do
  [ ! -e "/usr/bin/$program" ] || ln -sf "/usr/bin/$program" "/usr/local/bin/$program"
done
# Programs of gems belong beside the gems, and nobody reads the documents of a container.
mkdir -p /root
printf 'install: --no-document\nupdate: --no-document\n' > /usr/local/etc/gemrc
ln -sf /usr/local/etc/gemrc /etc/gemrc
echo "I: $(ruby --version | cut -d' ' -f1-2), $(bundle --version)"
