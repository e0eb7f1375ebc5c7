using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the network interfaces.</summary>
internal static class InterfaceReader
{
    private const string Folder = "/sys/class/net";
    private const int EnabledFlag = 0x1;
    private const int PromiscuousFlag = 0x100;

    public static void Read(HostReading reading)
    {
        foreach (var name in reading.Need(HostTables.Interfaces, Folder, reading.Files.Folders(Folder)) ?? [])
        {
            var flags = Flags(Attribute(reading, name, "flags"));
            reading.Add(
                HostTables.Interfaces,
                name,
                Attribute(reading, name, "operstate"),
                HardwareAddress(Attribute(reading, name, "address")),
                HostReading.Integer(Attribute(reading, name, "mtu")),
                Speed(Attribute(reading, name, "speed")),
                flags is null ? Value.Null : (flags & EnabledFlag) != 0,
                flags is null ? Value.Null : (flags & PromiscuousFlag) != 0,
                Path.GetFileName(reading.Files.LinkTarget($"{Folder}/{name}/master")));
        }
    }

    // An interface answers what it can: a virtual one has no speed, one that is down refuses to tell it.
    private static string? Attribute(HostReading reading, string name, string attribute) =>
        reading.Files.Read($"{Folder}/{name}/{attribute}").Content?.Trim();

    private static string? HardwareAddress(string? text) =>
        text is null || text.All(c => c is '0' or ':') ? null : text.ToLowerInvariant();

    private static Value Speed(string? text)
    {
        var speed = HostReading.Integer(text);
        return speed.Kind == ValueKind.Integer && speed.AsInteger() > 0 ? speed : Value.Null;   // -1 is unknown
    }

    private static int? Flags(string? text) =>
        text is not null && text.StartsWith("0x", StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flags)
            ? flags
            : null;
}
