-- Evaluates the rules of a listener. The rules are data in two maps that change at run time:
--   rules.map     address:port -> HASH.N      which program, in how many parts
--   programs.map  HASH.i       -> text        part i of the program
-- A program is rules joined by "!", a rule is words joined by "&", a word is a letter and its
-- arguments joined by ","; arguments are percent-encoded. The last word of a rule is its action.
local rules = Map.new("RULES_MAP", Map._str)
local programs = Map.new("PROGRAMS_MAP", Map._str)
local PROGRAMS_MAX = 1000
local compiled, compiled_count = {}, 0

local function split(text, separator)
  local parts, from = {}, 1
  while true do
    local at = text:find(separator, from, true)
    if not at then
      parts[#parts + 1] = text:sub(from)
      return parts
    end
    parts[#parts + 1] = text:sub(from, at - 1)
    from = at + 1
  end
end

local function decode(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- * is any text, ? any one character; linear in practice, never exponential.
local function glob(pattern, text)
  local p, t, star, mark = 1, 1, nil, 0
  while t <= #text do
    local c = pattern:byte(p)
    if c == 42 then
      star, mark = p, t
      p = p + 1
    elseif c and (c == 63 or c == text:byte(t)) then
      p, t = p + 1, t + 1
    elseif star then
      mark = mark + 1
      p, t = star + 1, mark
    else
      return false
    end
  end
  while pattern:byte(p) == 42 do
    p = p + 1
  end
  return p > #pattern
end

local function any(patterns, first, text)
  for i = first, #patterns do
    if glob(patterns[i], text) then
      return true
    end
  end
  return false
end

local function address(text)
  local a, b, c, d = text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  return a and ((a * 256 + b) * 256 + c) * 256 + d or nil
end

local function within(cidr, source)
  local base, bits = cidr:match("^(.*)/(%d+)$")
  local size = 2 ^ (32 - tonumber(bits))
  return math.floor(address(base) / size) == math.floor(source / size)
end

local function headers(txn, name)
  local found = txn.http:req_get_headers()[name]
  local values = {}
  if found then
    for i = 0, #found do
      values[#values + 1] = found[i]
    end
  end
  return values
end

local function host(txn)
  return ((txn.sf:req_hdr("host") or ""):gsub(":%d+$", ""))
end

local conditions = {
  p = function(txn, args) return any(args, 2, txn.sf:path() or "/") end,
  o = function(txn, args) return any(args, 2, host(txn):lower()) end,
  m = function(txn, args)
    local method = txn.sf:method()
    for i = 2, #args do
      if args[i] == method then
        return true
      end
    end
    return false
  end,
  h = function(txn, args)
    for _, value in ipairs(headers(txn, args[2])) do
      if any(args, 3, value:lower()) then
        return true
      end
    end
    return false
  end,
  q = function(txn, args)
    for _, pair in ipairs(split((txn.sf:query() or ""):lower(), "&")) do
      local key, value = pair:match("^([^=]*)=?(.*)$")
      for i = 2, #args, 2 do
        if (args[i] == "" or glob(args[i], key)) and glob(args[i + 1], value) then
          return true
        end
      end
    end
    return false
  end,
  s = function(txn, args)
    local source = address(txn.sf:src() or "")
    for i = 2, #args do
      if source and within(args[i], source) then
        return true
      end
    end
    return false
  end,
}

local function finish(txn, status, fields, body)
  fields["server"] = {"awselb/2.0"}
  txn:done(txn:reply{status = status, headers = fields, body = body})
end

local function redirect(txn, args)
  local secure = txn.sf:ssl_fc() == 1
  local facts = {
    protocol = secure and "https" or "http",
    host = host(txn),
    port = tostring(txn:get_var("txn.p") or ""),
    path = (txn.sf:path() or "/"):gsub("^/", ""),
    query = txn.sf:query() or "",
  }
  local function fill(text)
    return (text:gsub("#{(%l+)}", facts))
  end
  local query = fill(args[7])
  local location = fill(args[3]):lower() .. "://" .. fill(args[4]) .. ":" .. fill(args[5])
    .. fill(args[6]) .. (query == "" and "" or "?" .. query)
  finish(txn, tonumber(args[2]), {location = {location}}, "")
end

local function forward(txn, args)
  local sum = 0
  for i = 3, #args, 2 do
    sum = sum + args[i]
  end
  local draw = math.random() * sum
  for i = 2, #args, 2 do
    draw = draw - args[i + 1]
    if draw < 0 then
      txn:set_var("txn.be", args[i])
      return
    end
  end
  txn:set_var("txn.be", "none")
end

local actions = {
  f = forward,
  r = redirect,
  x = function(txn, args)
    finish(txn, tonumber(args[2]), args[3] ~= "" and {["content-type"] = {args[3]}} or {}, args[4])
  end,
}

local function compile(text)
  local program = {}
  for _, rule in ipairs(split(text, "!")) do
    local words = {}
    for _, word in ipairs(split(rule, "&")) do
      local args = split(word, ",")
      for i = 2, #args do
        args[i] = decode(args[i])
      end
      words[#words + 1] = args
    end
    program[#program + 1] = words
  end
  return program
end

local function program(name)
  if compiled[name] then
    return compiled[name]
  end
  local hash, count = name:match("^(%x+)%.(%d+)$")
  local text = ""
  for i = 1, tonumber(count) do
    local part = programs:lookup(hash .. "." .. i)
    if not part then
      return nil
    end
    text = text .. part
  end
  if compiled_count >= PROGRAMS_MAX then
    compiled, compiled_count = {}, 0
  end
  compiled[name], compiled_count = compile(text), compiled_count + 1
  return compiled[name]
end

local function run(txn, words)
  for i = 1, #words - 1 do
    if not conditions[words[i][1]](txn, words[i]) then
      return false
    end
  end
  local action = words[#words]
  actions[action[1]](txn, action)
  return true
end

core.register_action("route", {"http-req"}, function(txn)
  -- A listener may change between the two look-ups; its new program is there by then.
  for _ = 1, 3 do
    local name = rules:lookup(txn:get_var("txn.at"))
    local found = name and program(name)
    if found then
      for _, words in ipairs(found) do
        if run(txn, words) then
          return
        end
      end
      return
    end
  end
end, 0)
