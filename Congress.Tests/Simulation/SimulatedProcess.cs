using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>A process with one node: what a host does for <see cref="NodeProtocol"/>, in virtual time.</summary>
internal sealed partial class SimulatedProcess
{
    private readonly World _world;
    private readonly Network _network;
    private readonly Queue<Action> _inbox = new();
    private readonly Queue<Frame> _toItself = new();
    private List<(long Link, Frame Frame)> _spare = [];
    private bool _isPumping;

    public SimulatedProcess(World world, Network network, int slot, int address, NodeId name)
    {
        (_world, _network, Slot, Address) = (world, network, slot, address);
        Identity = new(name, world.NextIncarnation());
        Protocol = new(Identity, world.Scenario.Settings, world.Now);
        RunningSince = world.Now;
        Calls = new(world, this);
        world.Processes.Add(this);
        Pump();
        ScheduleTick();
    }

    /// <summary>Which of the configured nodes it is.</summary>
    public int Slot { get; }

    /// <summary>Where the network finds it: its slot, or a place of its own for a second process of the same name.</summary>
    public int Address { get; }

    public NodeIdentity Identity { get; }

    public NodeProtocol Protocol { get; }

    public SimulatedCalls Calls { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    public bool IsLeaving { get; private set; }

    /// <summary>Since when it has run without a pause.</summary>
    public TimeSpan RunningSince { get; private set; }

    public Dictionary<long, LinkEnd> Ends { get; } = [];

    public List<SimulatedReader> Readers { get; } = [];

    /// <summary>How long frames that came lately had been held back, and when they came.</summary>
    public TimeSpan Held { get; private set; }

    public TimeSpan HeldAt { get; private set; } = TimeSpan.FromDays(-1);

    /// <summary>Whether rows were changed on their way here.</summary>
    public bool IsMisled { get; set; }

    public bool IsTwin => Address != Slot;

    /// <summary>Lets the process do something: at once, or when it runs again.</summary>
    public void Do(Action step)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsPaused)
        {
            _inbox.Enqueue(step);
            return;
        }

        step();
        Pump();
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        RunningSince = _world.Now;
        var ticksFirst = _world.Random.Chance(0.5);
        if (ticksFirst)
        {
            Do(() => Protocol.OnTick(_world.Now));
        }

        while (!IsPaused && IsAlive && _inbox.TryDequeue(out var step))
        {
            Do(step);
        }
    }

    /// <summary>The end, without a word to anybody.</summary>
    public void Kill()
    {
        IsAlive = false;
        _world.Processes.Remove(this);
        _inbox.Clear();
        EndServices();
        Calls.Forget();
    }

    /// <summary>A frame was held back for so long: what it says of the time is older by that.</summary>
    public void NoteHeld(TimeSpan time) => (Held, HeldAt) = (_world.Now - HeldAt < _world.FreshBound && Held > time ? Held : time, _world.Now);

    public void SayBye()
    {
        IsLeaving = true;
        Protocol.SayBye();
    }

    public void LinkUp(LinkEnd end)
    {
        Ends.Add(end.Id, end);
        Do(() => Protocol.LinkUp(end.Id, end.Other.Owner.Identity, PeerRole.Unrestricted, _world.Now));
    }

    /// <summary>Tells the node that its end of a link is gone.</summary>
    public void LinkDown(LinkEnd end, string reason)
    {
        if (end.IsUp)
        {
            end.IsUp = false;
            Ends.Remove(end.Id);
            _world.Count("links lost");
            Do(() => Protocol.LinkDown(end.Id, reason, _world.Now));
        }
    }

    /// <summary>Follows a table.</summary>
    public void Read(TableName table)
    {
        var reader = new SimulatedReader(_world, this, table);
        Readers.Add(reader);
        Do(reader.Subscribe);
    }

    public override string ToString() => IsTwin ? $"{Identity.Id}'" : Identity.Id.Value;

    private void ScheduleTick() => _world.Time.After(_world.Scenario.Tick, () =>
    {
        if (!IsAlive)
        {
            return;
        }

        if (!IsPaused)
        {
            Do(() => Protocol.OnTick(_world.Now));
            foreach (var reader in Readers)
            {
                reader.OnTick();
            }

            Calls.OnTick();
        }

        ScheduleTick();
    });

    /// <summary>Does what the protocol wants done, until it wants nothing.</summary>
    private void Pump()
    {
        if (_isPumping)
        {
            return;
        }

        _isPumping = true;
        for (var isDone = false; !isDone && IsAlive;)
        {
            var frames = Protocol.Outbox.TakeFrames(_spare);
            foreach (var (link, frame) in frames)
            {
                Send(link, frame);
            }

            isDone = frames.Count == 0;
            frames.Clear();
            _spare = frames;
            foreach (var happening in Protocol.Outbox.TakeEvents())
            {
                isDone = false;
                Handle(happening);
            }

            if (isDone && _world.Scenario.LoopsBackAtOnce)
            {
                isDone = !ReceiveFromItself();
            }
        }

        _isPumping = false;
    }

    private void Send(long link, Frame frame)
    {
        _world.CountFrame();
        if (link == NodeProtocol.SelfLink)
        {
            _toItself.Enqueue(frame);
            if (!_world.Scenario.LoopsBackAtOnce)
            {
                _world.Time.After(_world.Random.Milliseconds(0, 2), () => Do(() => ReceiveFromItself()));
            }
        }
        else if (!Ends.TryGetValue(link, out var end) || !_network.TrySend(end, frame))
        {
            _world.Count("frames not taken");
            Protocol.NotSent(link, frame, _world.Now);
        }
    }

    private bool ReceiveFromItself()
    {
        if (!_toItself.TryDequeue(out var frame))
        {
            return false;
        }

        Protocol.Received(NodeProtocol.SelfLink, frame, _world.Now);
        return true;
    }

    private void Handle(ProtocolEvent happening)
    {
        switch (happening)
        {
            case SubscriptionReady ready:
                Readers.Find(r => r.Id == ready.Subscription)?.OnReady();
                break;
            case CallArrived arrived:
                Calls.OnArrived(arrived);
                break;
            case CallAbandoned abandoned:
                Calls.OnAbandoned(abandoned.Token);
                break;
            case CallEnded ended:
                Calls.OnEnded(ended);
                break;
            case LinkCondemned condemned when Ends.TryGetValue(condemned.Link, out var end):
                _world.Count("links condemned");
                _network.Close(end, condemned.Reason);
                break;
            case PeerChanged changed:
                _world.Count($"peers {changed.Health}");
                break;
            case TableDiverged when IsMisled:
                _world.Count("divergences");
                break;
            case TableDiverged diverged:
                _world.Fail($"{this} took {diverged.Table} @{diverged.Version} for wrong: rows and hash did not fit");
                break;
            case DemandChanged:
                _world.Count("demand changes");
                break;
        }
    }
}
