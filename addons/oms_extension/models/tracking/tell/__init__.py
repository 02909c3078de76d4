from . import res_company
from . import res_partner
from . import notice_base
from . import notice
from . import letter
from . import shipment
from . import mail_mail
from . import mail_thread
