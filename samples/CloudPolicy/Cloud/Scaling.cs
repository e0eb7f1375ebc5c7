using System.Globalization;

namespace CloudPolicy.Cloud;

/// <summary>What goes on in any cloud besides: VMs that come and go, as load does. They break no rule.</summary>
internal sealed class Scaling(Inventory inventory)
{
    private const int Most = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>How many VMs it has started.</summary>
    public int Started { get; private set; }

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var running = new Queue<string>();
        while (!stop.IsCancellationRequested)
        {
            var vm = string.Create(CultureInfo.InvariantCulture, $"ann-worker-{++Started}");
            inventory.Start(new(vm, "ann"), "ann-net");
            running.Enqueue(vm);
            if (running.Count > Most)
            {
                inventory.Delete(running.Dequeue());
            }

            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
