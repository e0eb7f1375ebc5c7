namespace Congress.Bus.Protocol.Calls;

/// <summary>The calls that services of this node have made, until each has its outcome.</summary>
/// <remarks>
/// An attempt is repeated only when nothing was sent, nothing was begun, or the call has a key, under which the service does it once
/// however often it comes. All attempts together keep to the call's deadline.
/// </remarks>
internal sealed class CallClient(ulong seed, ProtocolSettings settings, Outbox outbox, Membership membership)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly Jitter _jitter = new(seed);
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private ulong _lastId;

    public int Count => _calls.Count;

    /// <summary>Begins a call.</summary>
    /// <param name="request">What to call; its number is given here.</param>
    /// <param name="timeout">How long to wait in all.</param>
    /// <param name="link">The only link it may go to, or null.</param>
    /// <param name="now">The time.</param>
    /// <returns>The number by which the end is told.</returns>
    public ulong Begin(Call request, TimeSpan timeout, long? link, TimeSpan now)
    {
        var id = ++_lastId;
        if (_calls.Count >= settings.PendingCalls)
        {
            outbox.Tell(new CallEnded(id, new(null, CallFailure.Overloaded, Message: $"{settings.PendingCalls} calls wait for answers already", RetryAfter: RetryPause)));
            return id;
        }

        var call = new PendingCall(request with { Id = id }, now + timeout, link);
        _calls.Add(id, call);
        Try(call, now);
        return id;
    }

    public void Cancel(ulong id)
    {
        if (_calls.TryGetValue(id, out var call))
        {
            Withdraw(call);
            End(call, new(null, CallFailure.Cancelled, Message: "the caller gave up"));
        }
    }

    public void OnAnswer(long link, Answer answer)
    {
        if (Find(link, answer.Id) is { } call)
        {
            End(call, new(answer.Result));
        }
    }

    public void OnFault(long link, Fault fault, TimeSpan now)
    {
        if (Find(link, fault.Id) is not { } call)
        {
            return;
        }

        var retryAfter = TimeSpan.FromMilliseconds(fault.RetryAfter);
        switch (fault.Kind)
        {
            case FaultKind.Overloaded:
            case FaultKind.NoService:
                // Nothing was begun. The directory may know better in a moment.
                call.MayHaveBegun = call.MayHaveBegunBefore;
                call.Failure = fault.Kind == FaultKind.Overloaded ? CallFailure.Overloaded : CallFailure.NoService;
                call.Message = fault.Message;
                RetryLater(call, now, retryAfter > RetryPause ? retryAfter : RetryPause);
                break;
            case FaultKind.DeadlineExceeded:
                End(call, new(null, CallFailure.TimedOut, Message: fault.Message));
                break;
            default:
                End(call, new(null, fault.Kind switch
                {
                    FaultKind.NoMethod => CallFailure.NoMethod,
                    FaultKind.BadArgument => CallFailure.BadArgument,
                    FaultKind.Forbidden => CallFailure.Forbidden,
                    _ => CallFailure.Remote,
                }, fault.Type, fault.Message, retryAfter));
                break;
        }
    }

    /// <summary>The transport did not take a call.</summary>
    public void OnNotSent(long link, ulong id, TimeSpan now)
    {
        if (Find(link, id) is { } call)
        {
            call.Failure = CallFailure.NotDelivered;
            call.Message = "the link's queue is full";
            call.MayHaveBegun = call.MayHaveBegunBefore;
            RetryLater(call, now, RetryPause);
        }
    }

    /// <summary>No answer will come over a link.</summary>
    public void OnLinkDown(long link, string reason, TimeSpan now)
    {
        foreach (var call in _calls.Values.Where(c => c.Link == link || c.OnlyLink == link).ToArray())
        {
            call.Message = $"the link was lost: {reason}";
            if (call.MayRepeat && call.OnlyLink is null)
            {
                call.Failure = CallFailure.TimedOut;
                RetryLater(call, now, RetryPause);
            }
            else
            {
                End(call, new(null, call.MayHaveBegun ? CallFailure.TimedOut : CallFailure.NotDelivered, Message: call.Message));
            }
        }
    }

    public void OnTick(TimeSpan now)
    {
        List<PendingCall>? due = null;
        foreach (var call in _calls.Values)
        {
            if (now >= call.NextAt)
            {
                (due ??= []).Add(call);
            }
        }

        foreach (var call in due ?? [])
        {
            if (call.Link != 0 && now < call.Deadline)
            {
                Withdraw(call);   // the attempt took too long; the call has a key
                call.Failure = CallFailure.TimedOut;
                call.Message = "no answer";
                Try(call, now);
            }
            else if (now < call.Deadline)
            {
                Try(call, now);
            }
            else
            {
                Withdraw(call);
                End(call, call.Link != 0 || call.MayHaveBegun || call.Failure == CallFailure.None
                    ? new(null, CallFailure.TimedOut, Message: $"no answer within the time; {call.Attempts} attempt(s)")
                    : new(null, call.Failure, Message: $"{call.Message}; {call.Attempts} attempt(s)", RetryAfter: RetryPause));
            }
        }
    }

    private PendingCall? Find(long link, ulong id) => _calls.TryGetValue(id, out var call) && call.Link == link ? call : null;

    private void Try(PendingCall call, TimeSpan now)
    {
        var isExpected = false;
        var link = call.OnlyLink ?? membership.NextCallable(call.Request.Service, out isExpected);
        if (link == 0)
        {
            if (isExpected)
            {
                (call.Failure, call.Message) = (CallFailure.NotDelivered, $"service '{call.Request.Service}' cannot be reached now");
                RetryLater(call, now, RetryPause);
            }
            else
            {
                End(call, new(null, call.MayHaveBegun ? CallFailure.TimedOut : CallFailure.NoService, Message: $"no node runs service '{call.Request.Service}'"));
            }

            return;
        }

        call.Link = link;
        call.Attempts++;
        (call.MayHaveBegunBefore, call.MayHaveBegun) = (call.MayHaveBegun, true);
        var until = call.MayRepeat && call.Deadline - now > settings.Attempt ? now + settings.Attempt : call.Deadline;
        call.NextAt = until;
        outbox.Send(link, call.Request with { Attempt = call.Attempts, Deadline = (uint)Math.Max(1, (call.Deadline - now).TotalMilliseconds) });
    }

    private void RetryLater(PendingCall call, TimeSpan now, TimeSpan pause)
    {
        call.Link = 0;
        var at = now + _jitter.Of(pause * 2);
        call.NextAt = at < call.Deadline ? at : call.Deadline;
    }

    private void Withdraw(PendingCall call)
    {
        if (call.Link != 0 && !call.MayRepeat)
        {
            outbox.Send(call.Link, new Cancel(call.Request.Id));
        }
    }

    private void End(PendingCall call, CallOutcome outcome)
    {
        _calls.Remove(call.Request.Id);
        outbox.Tell(new CallEnded(call.Request.Id, outcome));
    }
}

/// <summary>A call without an outcome.</summary>
internal sealed class PendingCall(Call request, TimeSpan deadline, long? onlyLink)
{
    public Call Request => request;

    public TimeSpan Deadline => deadline;

    public long? OnlyLink => onlyLink;

    /// <summary>Whether the service knows a repetition from a new call.</summary>
    public bool MayRepeat => request.Key.Length > 0;

    /// <summary>Where the attempt under way went; 0: none is.</summary>
    public long Link { get; set; }

    public uint Attempts { get; set; }

    /// <summary>Whether an attempt may have reached the service: then a failure leaves the outcome unknown.</summary>
    public bool MayHaveBegun { get; set; }

    /// <summary>The same before the last attempt, for when nothing comes of that one.</summary>
    public bool MayHaveBegunBefore { get; set; }

    /// <summary>When the attempt is over, or the next one due.</summary>
    public TimeSpan NextAt { get; set; }

    /// <summary>What the last attempt failed of.</summary>
    public CallFailure Failure { get; set; }

    public string Message { get; set; } = "";
}
