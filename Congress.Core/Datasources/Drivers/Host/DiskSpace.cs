using System.Runtime.InteropServices;

namespace Congress.Datasources.Drivers.Host;

/// <summary>The space of a file system, in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What an ordinary user can still write; blocks kept for the administrator are not free.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DiskSpace(long Total, long Free);
