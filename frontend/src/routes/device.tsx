/** /device: approve a log-in that the command line began. The code stays in the address, so a link carries it. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { DevicePage } from "@/features/auth/components/device-page";

export function DeviceScreen() {
  const { code = "" } = useSearch({ from: "/account/device" });
  const navigate = useNavigate();
  return <DevicePage code={code} onCode={(next) => void navigate({ to: "/device", search: { code: next } })} />;
}
