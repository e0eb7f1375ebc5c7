namespace CloudPolicy.Cloud;

/// <summary>A VM.</summary>
internal sealed record Vm(string Id, string Owner);

/// <summary>A network.</summary>
internal sealed record Network(string Id, string Owner, bool IsPublic);

/// <summary>A VM's connection to a network.</summary>
internal sealed record Port(string Id, string Vm, string Network);

/// <summary>A user's being in a group.</summary>
internal sealed record Membership(string User, string Group);

/// <summary>A call of the action that disconnects, as the cloud noted it.</summary>
/// <param name="Key">What the call is known by; one key is one execution, however often it is sent.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Network">The network.</param>
internal sealed record Disconnection(string Key, string Vm, string Network)
{
    public override string ToString() => $"{Vm} disconnected from {Network}, for the key {Key}";
}

/// <summary>What the cloud holds. Thread safe.</summary>
internal sealed class Inventory
{
    private readonly Lock _gate = new();
    private readonly List<Vm> _vms = [new("ann-web", "ann"), new("bob-db", "bob"), new("cid-batch", "cid")];
    private readonly List<Network> _networks = [new("internet", "admin", IsPublic: true), new("ann-net", "ann", IsPublic: false), new("cid-net", "cid", IsPublic: false)];
    private readonly List<Membership> _groups = [new("ann", "blue"), new("bob", "blue"), new("cid", "red")];
    private readonly List<Port> _ports = [];
    private readonly List<Disconnection> _disconnections = [];
    private int _ids;

    public Inventory()
    {
        foreach (var (vm, network) in new[] { ("ann-web", "internet"), ("ann-web", "ann-net"), ("bob-db", "ann-net"), ("cid-batch", "internet"), ("cid-batch", "cid-net") })
        {
            Connect(vm, network);
        }
    }

    public IReadOnlyList<Vm> Vms => Read(_vms);

    public IReadOnlyList<Network> Networks => Read(_networks);

    public IReadOnlyList<Membership> Groups => Read(_groups);

    public IReadOnlyList<Port> Ports => Read(_ports);

    /// <summary>The calls that have disconnected something, in their order.</summary>
    public IReadOnlyList<Disconnection> Disconnections => Read(_disconnections);

    /// <summary>Starts a VM on a network.</summary>
    public void Start(Vm vm, string network)
    {
        lock (_gate)
        {
            _vms.Add(vm);
            Connect(vm.Id, network);
        }
    }

    /// <summary>Deletes a VM and its ports.</summary>
    public void Delete(string vm)
    {
        lock (_gate)
        {
            _vms.RemoveAll(v => v.Id == vm);
            _ports.RemoveAll(p => p.Vm == vm);
        }
    }

    /// <summary>Connects a VM to a network.</summary>
    public void Connect(string vm, string network)
    {
        lock (_gate)
        {
            _ports.Add(new($"port-{++_ids}", vm, network));
        }
    }

    /// <summary>Disconnects a VM from a network: once for each key.</summary>
    /// <returns>Whether there is such a VM.</returns>
    public bool Disconnect(string key, string vm, string network)
    {
        lock (_gate)
        {
            if (!_vms.Exists(v => v.Id == vm))
            {
                return false;
            }

            if (!_disconnections.Exists(d => d.Key == key))
            {
                _ports.RemoveAll(p => p.Vm == vm && p.Network == network);
                _disconnections.Add(new(key, vm, network));
            }

            return true;
        }
    }

    /// <summary>Whether a VM is connected to a network.</summary>
    public bool IsConnected(string vm, string network) => Ports.Any(p => p.Vm == vm && p.Network == network);

    private IReadOnlyList<T> Read<T>(List<T> items)
    {
        lock (_gate)
        {
            return [.. items];
        }
    }
}
