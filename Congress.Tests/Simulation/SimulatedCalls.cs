using System.Globalization;
using System.Text;
using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Calls;

namespace Congress.Tests.Simulation;

/// <summary>The calls that a process makes and the ones that it works on.</summary>
internal sealed class SimulatedCalls(World world, SimulatedProcess process)
{
    public const string Method = "note";

    private readonly Dictionary<ulong, CallMade> _made = [];
    private readonly Dictionary<ulong, CallLog> _working = [];
    private readonly List<CallLog> _keyed = [];
    private int _lastKey;

    public int Pending => _made.Count;

    /// <summary>Makes a random call.</summary>
    public void Make(string service) => process.Do(() =>
    {
        var random = world.Random;
        var log = _keyed.Count > 0 && random.Chance(0.15) && _keyed[^1].Service == service
            ? _keyed[^1]   // the caller repeats what it asked for
            : new CallLog(world.Calls.Count, service, random.Chance(0.5) ? $"{process.Identity.Incarnation}.{++_lastKey}" : "");
        if (log.Number == world.Calls.Count)
        {
            world.Calls.Add(log);
            if (log.Key.Length > 0)
            {
                _keyed.Add(log);
            }
        }

        log.Uses++;
        world.Count(log.Key.Length > 0 ? "calls with a key" : "calls");
        var timeout = random.Milliseconds(100, random.OneOf(500, 3000, 6000));
        var isKnown = process.Protocol.Membership.Peers.Any(p => p.Find(service) is not null);
        var id = process.Protocol.Calls.Begin(
            new(0, service, Method, Payload.OfJson(Encoding.ASCII.GetBytes(log.Number.ToString(CultureInfo.InvariantCulture))), 0, 0, log.Key), timeout, null, world.Now);
        _made.Add(id, new(log, world.Now, world.Now + timeout, MustFail: !isKnown));
        if (world.IsTraced)
        {
            world.Trace($"{process} calls {service}: call {id}, request {log.Number}, key '{log.Key}', {timeout.TotalMilliseconds:0} ms");
        }

        if (random.Chance(0.1))
        {
            world.Time.After(random.Milliseconds(0, 2000), () => process.Do(() => process.Protocol.Calls.Cancel(id)));
        }
    });

    public void OnEnded(CallEnded ended)
    {
        if (!_made.Remove(ended.Id, out var call))
        {
            world.Fail($"{process}: call {ended.Id} has ended twice: {ended.Outcome}");
        }

        if (world.IsTraced)
        {
            world.Trace($"{process}: call {ended.Id} ends with {ended.Outcome}");
        }

        var (log, outcome) = (call.Log, ended.Outcome);
        world.Count($"calls ended: {outcome.Failure}");
        if (outcome.Result is { } result && Encoding.ASCII.GetString(result.ToJson().Span) != log.Number.ToString(CultureInfo.InvariantCulture))
        {
            world.Fail($"{process}: request {log.Number} is given the answer {Encoding.ASCII.GetString(result.ToJson().Span)}");
        }

        if (outcome.Result is not null && log.Key.Length > 0 && log.Answers++ > 0)
        {
            world.Count("calls joined or remembered");
        }

        if (outcome.Result is not null && log.Effects.Count == 0)
        {
            world.Fail($"{process}: request {log.Number} is answered and was never done");
        }

        if (outcome.Failure is CallFailure.NoService or CallFailure.NotDelivered or CallFailure.Overloaded or CallFailure.NoMethod or CallFailure.Forbidden)
        {
            log.SaidNotBegun++;
            log.Check(world);
        }
        else if (call.MustFail && world.Now == call.At && outcome.Failure != CallFailure.Cancelled)
        {
            world.Fail($"{process}: a call to '{log.Service}', which nobody runs, ends with {outcome}");
        }
    }

    /// <summary>Each call ends by its deadline, and one to a service that no living node runs at once.</summary>
    public void OnTick()
    {
        var grace = 2 * world.Scenario.Tick;
        foreach (var (id, call) in _made)
        {
            if (call.MustFail)
            {
                world.Fail($"{process}: call {id} to '{call.Log.Service}', which nobody runs, has not failed at once");
            }

            var from = process.RunningSince > call.Deadline ? process.RunningSince : call.Deadline;
            if (world.Now > from + grace)
            {
                world.Fail($"{process}: call {id} was to end by {call.Deadline.TotalSeconds:0.000} s");
            }
        }

        var settings = world.Scenario.Settings;
        if (process.Protocol.Calls.Count > settings.PendingCalls || process.Protocol.Server.Count > settings.RunningCalls)
        {
            world.Fail($"{process}: {process.Protocol.Server.Count} calls are worked on at once");
        }
    }

    /// <summary>A handler begins: it does what it was asked for somewhere on its way, and is not always to be stopped.</summary>
    public void OnArrived(CallArrived arrived)
    {
        var random = world.Random;
        var log = world.Calls[int.Parse(Encoding.ASCII.GetString(arrived.Call.Request.ToJson().Span), CultureInfo.InvariantCulture)];
        if (log.Service != arrived.Call.Service || log.Key != arrived.Call.Key)
        {
            world.Fail($"{process} is asked for {arrived.Call}, which is not what was asked");
        }

        _working.Add(arrived.Token, log);
        var isStubborn = random.Chance(0.3);
        var effectAfter = random.Milliseconds(0, random.OneOf(1, 50, 600, 3000));
        var endAfter = effectAfter + random.Milliseconds(0, random.OneOf(1, 50, 600));
        world.Time.After(effectAfter, () => process.Do(() =>
        {
            if (isStubborn || _working.ContainsKey(arrived.Token))
            {
                log.Effects.Add(process.Identity.Incarnation);
                world.Count("effects");
                log.Check(world);
            }
        }));
        world.Time.After(endAfter, () => process.Do(() =>
        {
            if (isStubborn || _working.ContainsKey(arrived.Token))
            {
                _working.Remove(arrived.Token);
                process.Protocol.Server.Complete(arrived.Token, new Answer(0, arrived.Call.Request), world.Now);
            }
        }));
    }

    /// <summary>Nobody waits: a handler that listens stops where it is.</summary>
    public void OnAbandoned(ulong token)
    {
        world.Count("calls abandoned");
        _working.Remove(token);
    }

    /// <summary>The process is gone, and with it those who waited.</summary>
    public void Forget() => _made.Clear();

    private sealed record CallMade(CallLog Log, TimeSpan At, TimeSpan Deadline, bool MustFail);
}

/// <summary>A request, whatever it takes to have it done.</summary>
internal sealed class CallLog(int number, string service, string key)
{
    public int Number => number;

    public string Service => service;

    public string Key => key;

    /// <summary>How often its caller has asked.</summary>
    public int Uses { get; set; }

    /// <summary>How often its caller was told that nothing was begun.</summary>
    public int SaidNotBegun { get; set; }

    /// <summary>How often it was answered.</summary>
    public int Answers { get; set; }

    /// <summary>The processes that did it.</summary>
    public List<ulong> Effects { get; } = [];

    public void Check(World world)
    {
        if (key.Length == 0 && Effects.Count > 1)
        {
            world.Fail($"request {number} without a key was done {Effects.Count} times");
        }

        if (Effects.Distinct().Count() != Effects.Count)
        {
            world.Fail($"request {number} with key {key} was done twice by one process");
        }

        if (Effects.Count > 0 && SaidNotBegun == Uses)
        {
            world.Fail($"request {number} was done, and its caller was told that nothing was begun");
        }
    }
}
