-- OSRM's profile for the engine's benchmark: a way takes the seconds of its tag `secs`, nothing
-- else counts. Turns cost nothing, so that its answers must equal those on the same arcs.
api_version = 4

function setup()
  return {
    properties = {
      weight_name = 'duration',
      max_speed_for_map_matching = 40,
      continue_straight_at_waypoint = false,
      use_turn_restrictions = false,
      u_turn_penalty = 0,
      traffic_signal_penalty = 0,
      process_call_tagless_node = false
    }
  }
end

function process_way(profile, way, result)
  local secs = tonumber(way:get_value_by_key('secs'))
  if not secs then return end
  result.duration = secs
  result.forward_mode = mode.driving
  result.backward_mode = mode.driving
  if way:get_value_by_key('oneway') == 'yes' then
    result.backward_mode = mode.inaccessible
  end
end

function process_node(profile, node, result)
end

function process_turn(profile, turn)
end

return {
  setup = setup,
  process_way = process_way,
  process_node = process_node,
  process_turn = process_turn
}
