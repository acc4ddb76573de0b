#!/usr/bin/env ruby
# frozen_string_literal: true

# totpd's client for Ruby 3.0 and later: copy this one file. Every failure is a no.
#
#     totpd = Totpd.new("/run/totpd/totpd.sock")
#     reply = totpd.verify(user_id, code)
#     if reply["ok"] ...                 # true or false, never anything else
#
# Threads may share one. Only "ok":true is a yes. The id says which request a reply is for. A
# request that would do something twice is sent once.

require "json"
require "securerandom"
require "socket"

class Totpd
  REPLY_BYTES_MAX = 1 << 20
  IDLE_MAX = 8
  QUEUE_PAUSE = 0.01

  class Failure < StandardError; end

  def initialize(path = "/run/totpd/totpd.sock", timeout: 5.0)
    @path = path
    @timeout = timeout
    @idle = Queue.new
  end

  # Is this the user's code, for the first time? After a lost reply it asks once more.
  def verify(user, code, **more)
    # The attempt goes to totpd alone: whoever has it and the code gets the same answer.
    ask(**more, op: "verify", user: user, code: code, attempt: SecureRandom.hex(16))
  end

  # The reply, in which "ok" is true or false. What failed is false and "unavailable".
  def ask(**request)
    id = SecureRandom.hex(8)
    line = JSON.generate({ **request, id: id }) + "\n"
    # A request that may be repeated uses a kept connection, and then once a new one.
    # Any other request uses a new one, since a kept one may have died unnoticed.
    is_repeatable = request.key?(:attempt) || %w[hello status].include?(request[:op])
    (is_repeatable ? [true, false] : [false]).each do |kept|
      reply = exchange(line, id, kept)
      return reply if reply
    end
    { "ok" => false, "error" => "unavailable" }
  end

  private

  # One try: the reply, or nil. After a failure the connection is never used again.
  def exchange(line, id, kept)
    deadline = now + @timeout
    connection = (kept && idle) || connect(deadline)
    write(connection, line, deadline)
    reply = JSON.parse(read_line(connection, deadline))
    raise Failure, "not the answer" unless reply.is_a?(Hash) && reply["id"] == id
    raise Failure, "neither yes nor no" unless [true, false].include?(reply["ok"])

    @idle.size < IDLE_MAX ? @idle << connection : connection.close
    reply
  rescue SystemCallError, IOError, JSON::JSONError, EncodingError, Failure
    connection&.close
    nil
  end

  def idle
    @idle.pop(true)
  rescue ThreadError
    nil
  end

  # To a Unix socket one connects at once, or finds totpd's queue full (EAGAIN), or not at all.
  def connect(deadline)
    connection = Socket.new(:UNIX, :STREAM)
    begin
      connection.connect_nonblock(Socket.sockaddr_un(@path))
    rescue Errno::EAGAIN
      raise Failure, "the queue is full" unless left(deadline).positive?

      sleep QUEUE_PAUSE
      retry
    end
    connection
  rescue SystemCallError, ArgumentError => e
    connection&.close
    raise Failure, "cannot connect: #{e.message}"
  end

  def write(connection, line, deadline)
    until line.empty?
      count = connection.write_nonblock(line, exception: false)
      if count == :wait_writable
        connection.wait_writable(left(deadline)) || raise(Failure, "not taken in time")
      else
        line = line.byteslice(count..)
      end
    end
  end

  # One whole line and nothing behind it.
  def read_line(connection, deadline)
    line = String.new
    until line.end_with?("\n")
      connection.wait_readable(left(deadline)) || raise(Failure, "no answer in time")
      part = connection.read_nonblock(65_536, exception: false)
      next if part == :wait_readable

      line << (part || raise(Failure, "hung up"))
      raise Failure, "not one line" if line.bytesize > REPLY_BYTES_MAX || line.chop.include?("\n")
    end
    line
  end

  def left(deadline)
    [deadline - now, 0].max
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end

# totpd.rb SOCKET USER CODE prints yes or no; totpd.rb SOCKET reads requests, a line each.
if $PROGRAM_NAME == __FILE__
  path, user, code = ARGV
  abort "usage: totpd.rb SOCKET [USER CODE]" unless [1, 3].include?(ARGV.size)
  totpd = Totpd.new(path, timeout: Float(ENV.fetch("TOTPD_TIMEOUT", "5")))
  if user
    is_yes = totpd.verify(user, code)["ok"]
    puts is_yes ? "yes" : "no"
    exit is_yes
  end
  $stdout.sync = true
  $stdin.each_line do |line|
    puts JSON.generate(totpd.ask(**JSON.parse(line, symbolize_names: true)))
  end
end
